using System.Text.Json.Serialization;
using Lambent.Kernel.Errors;
using Lambent.Server.Telemetry;
using Lambent.Storage.Telemetry.Errors;

namespace Lambent.Server.Native;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorGroupsAnswer))]
[JsonSerializable(typeof(ErrorGroupDetailAnswer))]
[JsonSerializable(typeof(ResolveErrorRequest))]
internal sealed partial class ErrorJson : JsonSerializerContext;

/// <summary>Hours: the begin of each hour that the counts of the groups are for, ready to plot.</summary>
internal sealed record ErrorGroupsAnswer(
    IReadOnlyList<DateTimeOffset> Hours, IReadOnlyList<ErrorGroupAnswer> Errors, string? Next);

internal record ErrorGroupAnswer
{
    public required string Id { get; init; }

    /// <summary>handler, init, timeout, out-of-memory, exit, response, logged.</summary>
    public required string Kind { get; init; }

    /// <summary>open, resolved, ignored.</summary>
    public required string Status { get; init; }

    public required string Type { get; init; }

    public required string Message { get; init; }

    /// <summary>Where to look first: function (file:line).</summary>
    public required string Culprit { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required long Count { get; init; }

    /// <summary>Occurrences by the hour.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>When its status was last changed; absent when it never was.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>FUNCTION:VERSION that it was resolved in; absent when it was resolved as of a time.</summary>
    public string? ResolvedIn { get; init; }

    /// <summary>FUNCTION:VERSION that it was seen in after it was resolved.</summary>
    public string? ReopenedBy { get; init; }

    public static ErrorGroupAnswer From(ErrorGroup group) => Fill(new ErrorGroupAnswer
    {
        Id = group.Id,
        Kind = NameOf(group.Kind),
        Status = group.State.Status.ToString().ToLowerInvariant(),
        Type = group.Type,
        Message = group.Message,
        Culprit = group.Culprit,
        FirstSeen = group.FirstSeen,
        LastSeen = group.LastSeen,
        Count = group.Count,
        Counts = group.Hours,
        Functions = [.. group.Versions.Select(seen => seen.Function).Distinct()],
    }, group);

    public static string NameOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Handler => "handler",
        ErrorKind.Initialization => "init",
        ErrorKind.Timeout => "timeout",
        ErrorKind.OutOfMemory => "out-of-memory",
        ErrorKind.Exit => "exit",
        ErrorKind.Response => "response",
        _ => "logged",
    };

    private static ErrorGroupAnswer Fill(ErrorGroupAnswer answer, ErrorGroup group) => answer with
    {
        ChangedAt = group.State.ChangedAt > DateTimeOffset.UnixEpoch ? group.State.ChangedAt : null,
        ResolvedIn = group.State.Version > 0 ? $"{group.State.Function}:{group.State.Version}" : null,
        ReopenedBy = group.State.ReopenedBy.Length > 0 ? group.State.ReopenedBy : null,
    };
}

/// <param name="Hours">The begin of each hour of the counts.</param>
/// <param name="Samples">Occurrences that were kept, the newest first.</param>
/// <param name="Frames">The stack of the newest sample that has one, with its places in the source.</param>
internal sealed record ErrorGroupDetailAnswer(
    ErrorGroupAnswer Error,
    IReadOnlyList<DateTimeOffset> Hours,
    IReadOnlyList<ErrorVersionAnswer> Versions,
    IReadOnlyList<ErrorSampleAnswer> Samples,
    IReadOnlyList<ErrorFrameAnswer> Frames);

internal sealed record ErrorVersionAnswer(
    string Function, string Version, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Count);

internal sealed record ErrorSampleAnswer(
    long Number,
    DateTimeOffset At,
    string Function,
    string Version,
    string? RequestId,
    string Kind,
    string Type,
    string Message,
    string Stack);

/// <summary>A frame; <c>source</c> is where it is in what it was compiled from.</summary>
internal sealed record ErrorFrameAnswer(
    string Text,
    string Function,
    string File,
    int Line,
    int Column,
    bool IsApplication,
    ErrorSourceAnswer? Source,
    IReadOnlyList<ErrorLineAnswer>? Context,
    string? Problem)
{
    public static ErrorFrameAnswer From(ViewedFrame viewed) => new(
        viewed.Frame.Text,
        viewed.Frame.Function,
        viewed.Frame.File,
        viewed.Frame.Line,
        viewed.Frame.Column,
        viewed.Frame.IsApplication,
        viewed.Source is { } source
            ? new ErrorSourceAnswer(source.File, source.Line, source.Column, source.Name)
            : null,
        viewed.Context.Count == 0
            ? null
            : [.. viewed.Context.Select(line => new ErrorLineAnswer(line.Line, line.Text))],
        viewed.Problem);
}

internal sealed record ErrorSourceAnswer(string File, int Line, int Column, string? Name);

internal sealed record ErrorLineAnswer(int Line, string Text);

/// <param name="Version">FUNCTION:NUMBER, or a number when one function is affected; absent: as of now.</param>
internal sealed record ResolveErrorRequest(string? Version);
