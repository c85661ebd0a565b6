using System.Reflection;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent version</c>.</summary>
internal sealed class VersionVerb() : Verb("version", "Print the version of this program")
{
    public static string Current { get; } = typeof(VersionVerb).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.version/1", writer =>
            {
                writer.WriteString("version", Current);
                writer.WriteString("runtime", Environment.Version.ToString());
            });
        }
        else
        {
            context.Terminal.Print($"lambent {Current} (.NET {Environment.Version})");
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
