namespace Lambent.Sandbox.Isolation;

/// <summary>The variables that only the driver knows, added to those it was given.</summary>
internal static class StartVariables
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin:/opt/bin";

    /// <param name="platformAddress">host:port of the platform's listener, or null.</param>
    public static SortedDictionary<string, string> Of(
        SandboxOptions options, SandboxPaths paths, string? platformAddress)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Variables)
        {
            variables[name] = value;
        }

        variables.TryAdd("PATH", DefaultPath);
        if (paths.TaskRoot.Length > 0)
        {
            variables["LAMBDA_TASK_ROOT"] = paths.TaskRoot;
        }

        if (options.UsesFrames)
        {
            variables["LAMBENT_SOCKET"] = paths.FrameSocket;
        }

        if (platformAddress is not null)
        {
            variables["AWS_LAMBDA_RUNTIME_API"] = platformAddress;
            // An address that the function's owner chose stays.
            variables.TryAdd("AWS_ENDPOINT_URL", $"http://{platformAddress}");
        }

        return variables;
    }
}
