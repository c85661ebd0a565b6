using System.Globalization;
using Lambent.Cli.Building;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;
using Lambent.Cli.Serving;
using Lambent.Cli.Sources;

namespace Lambent.Cli.Verbs;

/// <summary>
/// Runs a stored call with the code of a folder on this machine: the function's handler and variables, without the
/// values of secret ones, in the interpreter that is installed here.
/// </summary>
internal sealed class LocalReplay(CommandContext context, ServerClient server)
{
    private static readonly string[] SecretEnds = ["_SECRET", "_TOKEN", "_PASSWORD", "_KEY"];

    public async Task<ExitCode> RunAsync(
        CallDetail call, byte[] input, string folder, bool inspect, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandFailedException(
                ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no folder {folder}.");
        }

        var function = await new LambdaApi(server).GetConfigurationAsync(call.Function, cancellation);
        var tool = Tool(function, folder, inspect, call);
        var (status, output) = await tool.AnswerAsync(input, cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.local-replay/1", writer =>
            {
                writer.WriteString("replayOf", call.Id);
                writer.WriteBoolean("isSuccess", status == 0);
                writer.WriteString("output", output);
            });
        }
        else
        {
            context.Terminal.Print(context.Terminal.OutputIsTerminal ? ControlCodes.Strip(output) : output);
        }

        return status == 0 ? ExitCode.Ok : ExitCode.FunctionFailed;
    }

    private ToolRun Tool(FunctionConfiguration function, string folder, bool inspect, CallDetail call)
    {
        var arguments = new List<string>();
        var language = RuntimeChoice.LanguageOf(function.Runtime ?? "");
        switch (language)
        {
            case "node":
                if (inspect)
                {
                    arguments.Add("--inspect-brk");
                    context.Note("waiting for a debugger: open chrome://inspect, or attach to port 9229");
                }

                arguments.AddRange(["--enable-source-maps", Path.Combine(InstalledFolders.Runtimes, "node/local.cjs")]);
                break;
            case "python":
                if (inspect)
                {
                    arguments.AddRange(["-m", "debugpy", "--listen", "127.0.0.1:5678", "--wait-for-client"]);
                    context.Note("waiting for a debugger on port 5678; it needs debugpy: pip install debugpy");
                }

                arguments.Add(Path.Combine(InstalledFolders.Runtimes, "python/local.py"));
                break;
            default:
                throw new CommandFailedException(
                    ExitCode.Usage, FailureCodes.NotSupported,
                    $"A function of runtime {function.Runtime} cannot be run in this folder: Node.js and Python can.",
                    $"lambent invocation show {call.Id} --as cli");
        }

        arguments.AddRange(
        [
            folder, function.Handler ?? "", call.Id, call.InvokedArn ?? function.FunctionArn,
            function.Timeout.ToString(CultureInfo.InvariantCulture),
        ]);
        return new ToolRun(context.Environment, language == "node" ? "node" : "python3", arguments, folder)
        {
            Variables = Variables(function),
            InstallHint = language == "node" ? "install Node.js" : "install Python 3",
        };
    }

    private Dictionary<string, string> Variables(FunctionConfiguration function)
    {
        var variables = new Dictionary<string, string>(function.Environment?.Variables ?? []);
        foreach (var secret in variables.Keys.Where(name =>
            Array.Exists(SecretEnds, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            // Set here, or not at all: what is secret stays where it is.
            variables.Remove(secret);
            if (context.Environment.Variable(secret) is null)
            {
                context.Note($"{secret} is secret and was left out; set it in this shell when the code needs it");
            }
        }

        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.FunctionName;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = function.Version ?? "$LATEST";
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.MemorySize.ToString(CultureInfo.InvariantCulture);
        variables["AWS_REGION"] = server.Address.Region;
        variables["AWS_ENDPOINT_URL"] = server.Address.Endpoint.GetLeftPart(UriPartial.Authority);
        variables["_HANDLER"] = function.Handler ?? "";
        return variables;
    }
}
