using System.CommandLine;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Commands;

/// <summary>What a verb works with: the parsed command line, the terminal, the way to the server.</summary>
internal sealed class CommandContext(
    ParseResult parsed, GlobalOptions globals, Terminal terminal, ProcessEnvironment environment)
{
    public Terminal Terminal { get; } = terminal;

    public ProcessEnvironment Environment { get; } = environment;

    public bool Json { get; } = parsed.GetValue(globals.Json);

    public bool Quiet { get; private set; } = parsed.GetValue(globals.Quiet);

    /// <summary>The data folder that was named, as a full path, or null.</summary>
    public string? NamedDataFolder { get; } =
        (parsed.GetValue(globals.Data) ?? parsed.GetValue(globals.DataFolder)) is { } named
            ? environment.FullPath(named)
            : null;

    public string? Endpoint { get; } = parsed.GetValue(globals.Endpoint);

    public string? Profile { get; } = parsed.GetValue(globals.Profile) ?? environment.Variable("AWS_PROFILE");

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Whether the option was written, rather than defaulted.</summary>
    public bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

    public DataFolder DataFolder() => Connection.DataFolder.Find(NamedDataFolder, Environment.CurrentFolder);

    /// <summary>A client for the server this command line means; fails when there are no keys to sign with.</summary>
    public ServerClient Connect() =>
        new(ServerAddress.Resolve(DataFolder(), Endpoint, Profile, Environment), Environment.Time);

    /// <summary>The same without remarks and progress, for work beside other work.</summary>
    public CommandContext Quietly()
    {
        var copy = (CommandContext)MemberwiseClone();
        copy.Quiet = true;
        return copy;
    }

    /// <summary>A line for a person about what goes on; not printed with --quiet or --json.</summary>
    public void Note(string line)
    {
        if (!Quiet && !Json)
        {
            Terminal.Remark(line);
        }
    }
}
