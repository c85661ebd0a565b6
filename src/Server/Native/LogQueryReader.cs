using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Logs;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Native;

/// <summary>The parameters of GET /v1/logs as a query.</summary>
internal sealed class LogQueryReader(TimeProvider time)
{
    private const int LimitDefault = 1_000;
    private const int LimitMax = 10_000;
    private const int FieldsMax = 20;

    public Result<TelemetryQuery> Read(IQueryCollection parameters, AccountId account)
    {
        if (ReadLimit(parameters).Failed(out var limit, out var failure)
            || ReadTime(parameters, "since").Failed(out var since, out failure)
            || ReadTime(parameters, "until").Failed(out var until, out failure)
            || ReadFilter(parameters).Failed(out var filter, out failure))
        {
            return failure;
        }

        return new TelemetryQuery
        {
            Account = account,
            Function = Text(parameters, "function"),
            RequestId = Text(parameters, "request"),
            Version = Text(parameters, "version"),
            Since = since,
            Until = until,
            Limit = limit,
            Filter = filter,
            PageToken = Text(parameters, "cursor"),
            NewestFirst = true,
        };
    }

    private static Result<int> ReadLimit(IQueryCollection parameters)
    {
        if (Text(parameters, "limit") is not { } text)
        {
            return LimitDefault;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= LimitMax
            ? limit
            : new Error(ErrorCode.ValidationFailed, $"limit must be a whole number from 1 to {LimitMax}.", "limit");
    }

    private static Result<LineFilter> ReadFilter(IQueryCollection parameters)
    {
        var text = Text(parameters, "grep") ?? "";
        if (text.Length > Limits.LogFilterLengthMax || parameters["where"].Count > FieldsMax)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"grep is at most {Limits.LogFilterLengthMax} characters, and there are at most {FieldsMax} fields.",
                "grep");
        }

        var level = LineLevel.None;
        if (Text(parameters, "level") is { } word && !LineLevels.TryParse(word, out level))
        {
            return new Error(
                ErrorCode.ValidationFailed,
                "level must be one of trace, debug, info, warn, error, fatal: that and graver lines are given.",
                "level");
        }

        if (LogPattern.Parse(Text(parameters, "pattern") ?? "").Failed(out var pattern, out var invalid))
        {
            return new Error(ErrorCode.ValidationFailed, invalid.Message, "pattern");
        }

        var fields = new List<LineField>();
        foreach (var field in parameters["where"])
        {
            if (LineField.Parse(field ?? "").Failed(out var parsed, out var wrong))
            {
                return wrong;
            }

            fields.Add(parsed);
        }

        return new LineFilter { Text = text, Pattern = pattern, Level = level, Fields = fields };
    }

    /// <inheritdoc cref="TimeParameter"/>
    public Result<DateTimeOffset?> ReadTime(IQueryCollection parameters, string name) =>
        TimeParameter.Read(parameters, name, time.GetUtcNow());

    /// <inheritdoc cref="TimeParameter"/>
    public Result<DateTimeOffset?> ReadTime(string? text, string name) =>
        TimeParameter.Read(text, name, time.GetUtcNow());

    private static string? Text(IQueryCollection parameters, string name) =>
        parameters[name].ToString() is { Length: > 0 } text ? text : null;
}
