using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Calls;
using Lambent.Runtime.Dotnet.Frames;

namespace Lambent.Runtime.Dotnet.Logs;

/// <summary>What user code writes to the console or to its logger becomes Log frames of the call it was written in.
/// </summary>
/// <param name="writer">Where the frames go.</param>
/// <param name="current">The call whose code is running, or null.</param>
internal sealed class LogSink(FrameWriter writer, Func<Call?> current)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Text without a newline that is kept until the newline comes; more is sent as it is.</summary>
    private const int PartialCharactersMax = 64 * 1024;

    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string[] partialOutside = ["", ""];
    private bool asJson;
    private LogLevel levelMin = LogLevel.Trace;
    private LogBudget? budget;

    /// <summary>AWS names the last request in lines that come after its answer.</summary>
    private string lastRequestId = "";

    /// <summary>Replaces the console's standard output and error.</summary>
    public void Capture(bool json, LogLimits? limits)
    {
        asJson = json;
        budget = limits is null ? null : new LogBudget(writer, limits);
        string? level = Environment.GetEnvironmentVariable("AWS_LAMBDA_HANDLER_LOG_LEVEL")
            ?? Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL");
        levelMin = LogLevels.Parse(level, LogLevel.Trace);
        Console.SetOut(new LogWriter(this, 0, LogLevel.Information));
        Console.SetError(new LogWriter(this, FrameHeader.FlagStandardError, LogLevel.Error));
    }

    /// <summary>Takes any text and sends the lines it completes, as they are.</summary>
    public void Write(byte flags, ReadOnlySpan<char> text, Call? call = null)
    {
        call ??= current();
        string[] partial = call?.PartialLines ?? partialOutside;
        string lines;
        lock (partial)
        {
            int end = text.LastIndexOf('\n') + 1;
            lines = end == 0 ? "" : string.Concat(partial[flags], text[..end]);
            partial[flags] = end == 0 ? string.Concat(partial[flags], text) : text[end..].ToString();
            if (partial[flags].Length > PartialCharactersMax)
            {
                lines += partial[flags] + "\n";
                partial[flags] = "";
            }
        }
        Send(flags, call, lines);
    }

    /// <summary>Writes a line with time, request and level, as AWS does for Console.WriteLine and the logger.</summary>
    public void WriteLine(
        LogLevel level, ReadOnlySpan<char> message, Call? call = null, Exception? exception = null, byte flags = 0,
        bool beyondBudget = false)
    {
        if (level < levelMin)
        {
            return;
        }
        call ??= current();
        string whole = string.Concat(TakePartial(call?.PartialLines ?? partialOutside, flags), message);
        string time = TimeProvider.System.GetUtcNow().ToString(TimeFormat);
        string requestId = call?.RequestId ?? lastRequestId;
        Send(flags, call, asJson
            ? Json(time, level, requestId, whole, exception)
            : $"{time}\t{requestId}\t{LogLevels.Label(level)}\t{whole}{(exception is null ? "" : $"\n{exception}")}\n",
            beyondBudget);
    }

    /// <summary>Writes the exception that ended a call or the process.</summary>
    public void Error(Exception exception, Call? call) =>
        WriteLine(LogLevel.Error, asJson ? exception.Message : exception.ToString(), call, asJson ? exception : null,
            FrameHeader.FlagStandardError, beyondBudget: true);

    /// <summary>Sends what a call left without a newline; nothing of the call may come after its answer.</summary>
    public void Finish(Call call)
    {
        lastRequestId = call.RequestId;
        SendPartial(call.PartialLines, call);
        budget?.Report(call.Id);
    }

    public void FinishOutside()
    {
        SendPartial(partialOutside, call: null);
        budget?.Report(0);
    }

    private void SendPartial(string[] partial, Call? call)
    {
        for (byte flags = 0; flags < partial.Length; flags++)
        {
            if (partial[flags].Length > 0)
            {
                Send(flags, call, TakePartial(partial, flags) + "\n");
            }
        }
    }

    private static string TakePartial(string[] partial, byte flags)
    {
        lock (partial)
        {
            (string text, partial[flags]) = (partial[flags], "");
            return text;
        }
    }

    /// <param name="beyondBudget">For what ends a call: it says why, and comes once.</param>
    private void Send(byte flags, Call? call, string lines, bool beyondBudget = false)
    {
        if (lines.Length == 0 || (!beyondBudget && budget?.Takes(call?.Id ?? 0, lines) == false))
        {
            return;
        }
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(lines.Length));
        int length = Encoding.UTF8.GetBytes(lines, bytes);
        writer.WriteLog(flags, call?.Id ?? 0, bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static string Json(string time, LogLevel level, string requestId, string message, Exception? exception)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time);
            json.WriteString("level", level.ToString());
            if (requestId.Length > 0)
            {
                json.WriteString("requestId", requestId);
            }
            json.WriteString("message", message);
            if (exception is not null)
            {
                json.WriteString("errorType", exception.GetType().FullName);
                json.WriteString("errorMessage", exception.Message);
                json.WriteStartArray("stackTrace");
                foreach (string line in exception.ToString().Split('\n', StringSplitOptions.TrimEntries))
                {
                    json.WriteStringValue(line);
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }
}
