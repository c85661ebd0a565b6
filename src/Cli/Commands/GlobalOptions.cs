using System.CommandLine;

namespace Lambent.Cli.Commands;

/// <summary>The options that every verb has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>
    /// Where the server keeps its data, and clients find its address and keys. Not recursive, because the payload
    /// of <c>invoke</c> has the same name; there the folder is given as --data-folder.
    /// </summary>
    public Option<string?> Data { get; } = new("--data", "--data-folder")
    {
        Description = "Data folder; default: the nearest .lambent here or above",
        HelpName = "DIR",
    };

    public Option<string?> DataFolder { get; } = new("--data-folder")
    {
        Description = "Data folder; default: the nearest .lambent here or above",
        HelpName = "DIR",
    };

    public Option<string?> Endpoint { get; } = new("--endpoint")
    {
        Description = "The server's address; default: what the data folder says, AWS_ENDPOINT_URL, port 9550",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Profile { get; } = new("--profile")
    {
        Description = "The section of the credentials file to sign with",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Machine-readable output with a versioned schema",
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Results and errors only",
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colour; NO_COLOR does the same",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(Data);
        root.Options.Add(Endpoint);
        root.Options.Add(Profile);
        root.Options.Add(Json);
        root.Options.Add(Quiet);
        root.Options.Add(NoColor);
    }

    public void AddTo(Command command)
    {
        var taken = command.Options.Any(option => option.Name == Data.Name);
        command.Options.Add(taken ? DataFolder : Data);
    }
}
