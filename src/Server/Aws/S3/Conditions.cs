using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>What a request says the object must be like (RFC 9110), in the headers of a read or of a copy's source.
/// </summary>
internal static class Conditions
{
    /// <summary>Whether a read is answered with 304; a failure is answered with 412.</summary>
    public static Result<bool> IsUnchanged(S3Call call, StoredObject stored)
    {
        var ifMatch = call.Header("If-Match");
        if (ifMatch is not null && !IsAny(ifMatch, stored.ETag))
        {
            return ObjectErrors.Precondition("If-Match");
        }

        if (ifMatch is null && TimeOf(call.Header("If-Unmodified-Since")) is { } unmodified
            && Seconds(stored) > unmodified)
        {
            return ObjectErrors.Precondition("If-Unmodified-Since");
        }

        if (call.Header("If-None-Match") is { } ifNone)
        {
            return IsAny(ifNone, stored.ETag);
        }

        return TimeOf(call.Header("If-Modified-Since")) is { } modified && Seconds(stored) <= modified;
    }

    /// <summary>What refuses a source, or null.</summary>
    public static Error? CheckSource(S3Call call, StoredObject source)
    {
        const string prefix = "x-amz-copy-source-if-";
        var matches = call.Header(prefix + "match") is not { } match || IsAny(match, source.ETag);
        var isOther = call.Header(prefix + "none-match") is not { } none || !IsAny(none, source.ETag);
        var isOld = TimeOf(call.Header(prefix + "unmodified-since")) is not { } unmodified
            || Seconds(source) <= unmodified;
        var isNew = TimeOf(call.Header(prefix + "modified-since")) is not { } modified || Seconds(source) > modified;
        return matches && isOther && isOld && isNew ? null : ObjectErrors.Precondition("x-amz-copy-source-If-*");
    }

    private static bool IsAny(string list, string etag) =>
        list.Split(',').Any(one => one.Trim() == "*" || S3Answers.Unquoted(one) == etag);

    private static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParseExact(
        text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>Times in headers have whole seconds.</summary>
    private static DateTimeOffset Seconds(StoredObject stored) =>
        stored.ModifiedAt.AddTicks(-(stored.ModifiedAt.Ticks % TimeSpan.TicksPerSecond));
}
