using Lambent.Cli.Commands;

namespace Lambent.Cli.Verbs;

/// <summary>
/// <c>lambent bench</c>: the launcher builds and runs the load generator, which is a program of its own so that the
/// product does not carry it. Here is only the answer for who runs the product without the launcher.
/// </summary>
internal sealed class BenchVerb() : Verb("bench", "Measure this machine: lambent bench [SCENARIO] [--json]")
{
    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation) =>
        throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.NotSupported,
            "The load generator is not part of the installed program; it is run from a clone of the source.",
            "./lambent bench");
}
