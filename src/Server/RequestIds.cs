using System.Globalization;

namespace Lambent.Server;

/// <summary>Makes ids: UUIDv7, so that they sort by time.</summary>
public sealed class RequestIds(TimeProvider time)
{
    public string Next() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>
    /// The trace header of a call that came without one, in AWS X-Ray's form. Made of the request's id, so that one
    /// leads to the other: Root=1-TIME-ID;Parent=ID;Sampled=0.
    /// </summary>
    public string TraceHeader(string requestId)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Root=1-{seconds:x8}-{requestId.AsSpan(0, 8)}{requestId.AsSpan(9, 4)}{requestId.AsSpan(24, 12)}"
            + $";Parent={requestId.AsSpan(19, 4)}{requestId.AsSpan(24, 12)};Sampled=0");
    }
}
