namespace Lambent.Server;

/// <summary>Makes ids: UUIDv7, so that they sort by time.</summary>
public sealed class RequestIds(TimeProvider time)
{
    public string Next() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
