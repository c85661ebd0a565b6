using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>Where the server is and how to sign for it.</summary>
internal sealed record ServerAddress(Uri Endpoint, AccessKeys Keys, string Region)
{
    public const string DefaultEndpoint = "http://127.0.0.1:9550";

    private const string DefaultRegion = "us-east-1";
    private const string DefaultProfile = "default";

    /// <summary>
    /// The address: what was written, else what the data folder's server says, else AWS_ENDPOINT_URL, else the default
    /// port. The keys: the data folder's, else those of the environment.
    /// </summary>
    public static ServerAddress Resolve(
        DataFolder folder, string? endpoint, string? profile, ProcessEnvironment environment)
    {
        var keys = KeysOf(folder, profile, environment);
        var region = keys.Region ?? environment.Variable("AWS_REGION")
            ?? environment.Variable("AWS_DEFAULT_REGION") ?? DefaultRegion;
        return new ServerAddress(EndpointOf(folder, endpoint, environment), keys, region);
    }

    private static Uri EndpointOf(DataFolder folder, string? endpoint, ProcessEnvironment environment)
    {
        var address = endpoint ?? folder.RunningEndpoint() ?? environment.Variable("AWS_ENDPOINT_URL")
            ?? DefaultEndpoint;
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.Usage, $"'{address}' is not the address of a server.",
            $"--endpoint {DefaultEndpoint}");
    }

    private static AccessKeys KeysOf(DataFolder folder, string? profile, ProcessEnvironment environment)
    {
        if (ReadCredentials(folder) is { } text)
        {
            var sections = CredentialsFile.Parse(text);
            if (sections.TryGetValue(profile ?? DefaultProfile, out var keys))
            {
                return keys;
            }

            throw new CommandFailedException(
                ExitCode.Denied, FailureCodes.CredentialsMissing,
                $"{folder.CredentialsFile} has no complete section [{profile ?? DefaultProfile}]."
                    + Spelling.Question(profile ?? DefaultProfile, sections.Keys),
                sections.Count == 0 ? "lambent up"
                    : $"--profile {sections.Keys.Order(StringComparer.Ordinal).First()}");
        }

        if (environment.Variable("AWS_ACCESS_KEY_ID") is { } id
            && environment.Variable("AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            return new AccessKeys(id, secret, environment.Variable("AWS_SESSION_TOKEN"), null);
        }

        throw new CommandFailedException(
            ExitCode.Denied, FailureCodes.CredentialsMissing,
            $"There are no keys to sign with: {folder.CredentialsFile} does not exist, and AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY are not set.",
            "start a server here with `lambent up`, or name its data folder with --data DIR");
    }

    private static string? ReadCredentials(DataFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.CredentialsFile);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCode.Denied, FailureCodes.CredentialsMissing,
                $"{folder.CredentialsFile} belongs to somebody else and may not be read.",
                "run the command as the person who runs the server, or set AWS_ACCESS_KEY_ID and "
                    + "AWS_SECRET_ACCESS_KEY");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
