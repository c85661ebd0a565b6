using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent invoke</c>: calls a function and prints its answer.</summary>
internal sealed class InvokeVerb() : Verb("invoke", "Call a function and print what it answers")
{
    private readonly Argument<string> name = new("NAME")
    {
        Description = "The function's name or ARN",
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string?> payload = new("--data", "-d")
    {
        Description = "The event: JSON, @FILE, or - for standard input; default: {}",
        HelpName = "JSON|@FILE|-",
    };

    private readonly Option<bool> asynchronous = new("--async")
    {
        Description = "Hand the event over and do not wait for the function",
    };

    private readonly Option<string?> qualifier = new("--qualifier")
    {
        Description = "A version or an alias",
        HelpName = "VERSION|ALIAS",
    };

    private readonly Option<bool> log = new("--log")
    {
        Description = "Print the end of the call's log to standard error",
    };

    private readonly Option<int?> delay = new("--delay")
    {
        Description = "With --async: deliver it so many seconds later",
        HelpName = "SECONDS",
    };

    private readonly Option<int?> priority = new("--priority")
    {
        Description = "With --async: 0 to 9, higher goes first; default: 0",
        HelpName = "N",
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = "With --async: an idempotency key; the same event under it is delivered once",
        HelpName = "KEY",
    };

    private readonly Option<bool> keepResult = new("--keep-result")
    {
        Description = "With --async: keep what the function answers, for `lambent events get`",
    };

    protected override IEnumerable<Symbol> Symbols =>
        [name, payload, asynchronous, qualifier, log, delay, priority, key, keepResult];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var function = context.Value(name);
        var body = await ReadPayloadAsync(context, cancellation);
        var kind = Kind(context);
        using var server = context.Connect();
        var lambda = new LambdaApi(server);
        using var response = await Progress.DuringAsync(context, $"Calling {function}", () => FunctionLookup.NamedAsync(
            lambda,
            function,
            () => lambda.InvokeAsync(function, context.Value(qualifier), body, kind, cancellation),
            cancellation));
        var answer = new Answer(
            (int)response.StatusCode,
            Header(response, "X-Lambent-Event-Id") ?? Header(response, "x-amzn-RequestId"),
            Header(response, "X-Amz-Executed-Version"),
            Header(response, "X-Amz-Function-Error"),
            Header(response, "X-Amz-Log-Result") is { } tail ? Encoding.UTF8.GetString(Convert.FromBase64String(tail))
                : null,
            await server.ReadAsync(response, cancellation));
        Print(context, answer, kind.Asynchronous);
        return answer.Error is null ? ExitCode.Ok : throw new CommandFailedException(FunctionFailure(function, answer));
    }

    private InvocationKind Kind(CommandContext context)
    {
        var headers = new List<KeyValuePair<string, string>>();
        Add("X-Lambent-Delay-Seconds", context.Value(delay)?.ToString(CultureInfo.InvariantCulture));
        Add("X-Lambent-Priority", context.Value(priority)?.ToString(CultureInfo.InvariantCulture));
        Add("X-Lambent-Idempotency-Key", context.Value(key));
        Add("X-Lambent-Keep-Result", context.Value(keepResult) ? "true" : null);
        return headers.Count > 0 && !context.Value(asynchronous)
            ? throw new CommandFailedException(
                ExitCode.Usage,
                FailureCodes.Usage,
                "--delay, --priority, --key and --keep-result need --async.",
                "lambent invoke --help")
            : new InvocationKind(context.Value(asynchronous), context.Value(log)) { Headers = headers };

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }

    private static void Print(CommandContext context, Answer answer, bool asynchronous)
    {
        var terminal = context.Terminal;
        if (context.Json)
        {
            JsonReport.Write(terminal, "lambent.invocation/1", writer => answer.Write(writer));
            return;
        }

        if (answer.Log is not null)
        {
            terminal.Remark(terminal.ErrorIsTerminal ? ControlCodes.Strip(answer.Log).TrimEnd() : answer.Log.TrimEnd());
        }

        if (asynchronous)
        {
            terminal.Print($"accepted {answer.RequestId}");
        }
        else if (terminal.OutputIsTerminal)
        {
            terminal.Print(ControlCodes.Strip(Encoding.UTF8.GetString(answer.Payload)));
        }
        else
        {
            // A pipe gets the bytes as they are, and nothing added.
            terminal.OutputBytes.Write(answer.Payload);
            terminal.OutputBytes.Flush();
        }
    }

    private static Failure FunctionFailure(string function, Answer answer)
    {
        var (type, message) = answer.ErrorParts();
        return new Failure(
            ExitCode.FunctionFailed, FailureCodes.FunctionFailed, type is null ? message : $"{type}: {message}")
        {
            Where = type switch
            {
                "Sandbox.Timedout" => $"your function {function}: it did not answer in its time",
                "Runtime.ExitError" => $"your function {function}: its process ended",
                _ => $"your function {function}",
            },
            Hint = answer.RequestId is { } id ? $"lambent logs {function} --request {id}" : $"lambent logs {function}",
            RequestId = answer.RequestId,
        };
    }

    private async Task<byte[]> ReadPayloadAsync(CommandContext context, CancellationToken cancellation)
    {
        var text = context.Value(payload);
        switch (text)
        {
            case null:
                return "{}"u8.ToArray();
            case "-":
                using (var buffer = new MemoryStream())
                {
                    await using var input = context.Terminal.OpenInput();
                    await input.CopyToAsync(buffer, cancellation);
                    return buffer.ToArray();
                }

            case ['@', .. var file]:
                var path = context.Environment.FullPath(file);
                return File.Exists(path)
                    ? await File.ReadAllBytesAsync(path, cancellation)
                    : throw new CommandFailedException(
                        ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no file {path}.");
            default:
                return CheckJson(text);
        }
    }

    /// <summary>
    /// What is typed must be JSON; the mistake is found here, where it was made, and not in a function.
    /// </summary>
    private static byte[] CheckJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Encoding.UTF8.GetBytes(text);
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"The event '{text}' is not JSON. Text needs quotes of its own, a file an @ before its name, and the "
                    + "data folder is --data-folder here.",
                "lambent invoke NAME --data '{\"key\": \"value\"}'");
        }
    }

    private static string? Header(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    private sealed record Answer(
        int Status, string? RequestId, string? Version, string? Error, string? Log, byte[] Payload)
    {
        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteNumber("statusCode", Status);
            writer.WriteString("requestId", RequestId);
            writer.WriteString("executedVersion", Version);
            writer.WriteString("functionError", Error);
            writer.WriteString("log", Log);
            writer.WritePropertyName("payload");
            if (Payload.Length == 0)
            {
                writer.WriteNullValue();
                return;
            }

            try
            {
                using var document = JsonDocument.Parse(Payload);
                document.RootElement.WriteTo(writer);
            }
            catch (JsonException)
            {
                writer.WriteStringValue(Encoding.UTF8.GetString(Payload));
            }
        }

        public (string? Type, string Message) ErrorParts()
        {
            try
            {
                using var document = JsonDocument.Parse(Payload);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    return (Text(document, "errorType"), Text(document, "errorMessage") ?? "The function failed.");
                }
            }
            catch (JsonException)
            {
                // Shown as it is.
            }

            return (null, Encoding.UTF8.GetString(Payload));
        }

        private static string? Text(JsonDocument document, string name) =>
            document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
    }
}
