namespace Lambent.Cli.Connection;

/// <summary>The folder a server keeps everything in, and what clients read of it.</summary>
internal sealed record DataFolder(string Path)
{
    public const string DefaultName = ".lambent";

    /// <summary>The AWS credentials file with the keys to sign with.</summary>
    public string CredentialsFile => System.IO.Path.Combine(Path, "credentials");

    /// <summary>Holds the server's address while it runs.</summary>
    public string EndpointFile => System.IO.Path.Combine(Path, "endpoint");

    /// <summary>The folder that was named, or the nearest .lambent here or above, or the one to make here.</summary>
    public static DataFolder Find(string? named, string currentFolder)
    {
        if (named is not null)
        {
            return new DataFolder(named);
        }

        for (var folder = new DirectoryInfo(currentFolder); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, DefaultName);
            // Only a folder with keys is a server's: a home folder may have a .lambent for other reasons.
            if (File.Exists(System.IO.Path.Combine(candidate, "credentials")))
            {
                return new DataFolder(candidate);
            }
        }

        return new DataFolder(System.IO.Path.Combine(currentFolder, DefaultName));
    }

    /// <summary>The address in the endpoint file, or null when no server says it runs.</summary>
    public string? RunningEndpoint()
    {
        try
        {
            return File.ReadAllText(EndpointFile).Trim() is { Length: > 0 } address ? address : null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
