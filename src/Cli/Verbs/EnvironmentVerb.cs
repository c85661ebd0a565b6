using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent env</c>: the variables that point any AWS tool at this server.</summary>
internal sealed class EnvironmentVerb() : Verb(
    "env", "Print the variables for AWS tools; use as eval \"$(lambent env)\"")
{
    protected override Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var folder = context.DataFolder();
        var address = ServerAddress.Resolve(folder, context.Endpoint, context.Profile, context.Environment);
        if (context.Endpoint is null && folder.RunningEndpoint() is null)
        {
            context.Note($"note: no server says it runs in {folder.Path}; the address is the default one");
        }

        var variables = new List<KeyValuePair<string, string>>
        {
            new("AWS_ENDPOINT_URL", address.Endpoint.GetLeftPart(UriPartial.Authority)),
            new("AWS_ACCESS_KEY_ID", address.Keys.AccessKeyId),
            new("AWS_SECRET_ACCESS_KEY", address.Keys.SecretAccessKey),
            new("AWS_REGION", address.Region),
            // boto3 and the older aws command line read only this one.
            new("AWS_DEFAULT_REGION", address.Region),
        };
        if (address.Keys.SessionToken is { } token)
        {
            variables.Add(new("AWS_SESSION_TOKEN", token));
        }

        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.env/1", writer =>
            {
                foreach (var (name, value) in variables)
                {
                    writer.WriteString(name, value);
                }
            });
        }
        else
        {
            var assignments = variables.Select(variable => $"{variable.Key}={Quote(variable.Value)}");
            context.Terminal.Print($"export {string.Join(' ', assignments)}");
        }

        return Task.FromResult(ExitCode.Ok);
    }

    /// <summary>As it is where a shell reads it so, otherwise in single quotes.</summary>
    private static string Quote(string value) =>
        value.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:+=@,%".Contains(character))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
