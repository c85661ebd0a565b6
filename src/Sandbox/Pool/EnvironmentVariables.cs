using System.Globalization;
using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The variables a function sees: the platform's, as AWS Lambda documents them ("Using Lambda environment
/// variables"), and the owner's, which cannot replace the reserved ones.
/// </summary>
internal static class EnvironmentVariables
{
    /// <summary>All but the platform's address and why the environment is started.</summary>
    public static Dictionary<string, string> Build(
        EnvironmentSpecification specification,
        string environmentId,
        string taskRoot,
        string layersRoot,
        string region,
        EnvironmentCredentials credentials,
        DateTimeOffset now)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["PATH"] = $"/usr/local/bin:/usr/bin:/bin:{layersRoot}/bin",
            ["LD_LIBRARY_PATH"] = LibraryPath(taskRoot, layersRoot),
            ["HOME"] = "/tmp",
        };
        AddLanguageVariables(variables, specification, taskRoot, layersRoot);
        foreach (var (name, value) in specification.Variables)
        {
            variables[name] = value;
        }

        variables["_HANDLER"] = specification.Handler;
        variables["LAMBDA_TASK_ROOT"] = taskRoot;
        variables["LAMBDA_RUNTIME_DIR"] = "/var/runtime";
        variables["AWS_EXECUTION_ENV"] = $"AWS_Lambda_{specification.Runtime.Name}";
        variables["AWS_LAMBDA_FUNCTION_NAME"] = specification.Function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = specification.Version;
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] =
            specification.MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = specification.LogGroup;
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{now.UtcDateTime:yyyy/MM/dd}/[{specification.Version}]{environmentId}");
        variables["AWS_REGION"] = region;
        variables["AWS_DEFAULT_REGION"] = region;
        variables["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId;
        variables["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey;
        variables["AWS_SESSION_TOKEN"] = credentials.SessionToken;
        return variables;
    }

    /// <summary>Where the system's loader looks for what native modules need.</summary>
    public static string LibraryPath(string taskRoot, string layersRoot) =>
        $"{taskRoot}:{taskRoot}/lib:{layersRoot}/lib";

    private static void AddLanguageVariables(
        Dictionary<string, string> variables,
        EnvironmentSpecification specification,
        string taskRoot,
        string layersRoot)
    {
        switch (specification.Runtime.Language)
        {
            case "node":
                variables["NODE_PATH"] = $"{layersRoot}/nodejs/node_modules:{taskRoot}";
                break;
            case "python":
                variables["PYTHONPATH"] = $"{taskRoot}:{layersRoot}/python";
                break;
            default:
                break;
        }
    }
}
