using Lambent.Kernel;

namespace Lambent.Server.Aws.Protocols;

/// <summary>
/// Bounds the memory that request bodies take together: a body is held whole, because its signature covers it all,
/// and may come from anyone until that is checked. Only what bodies really brought counts, so announcing much and
/// sending little takes nothing from others.
/// </summary>
/// <param name="bytesMax">The bound; by default room for seven of the largest deployments at a time.</param>
internal sealed class RequestBodyBudget(long bytesMax = 512L * Limits.MiB)
{
    private long taken;

    /// <summary>False when the bound would be passed; then nothing was taken.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= bytesMax)
        {
            return true;
        }

        Interlocked.Add(ref taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref taken, -bytes);

    public Error Exceeded() => new(
        ErrorCode.LimitExceeded,
        $"The server holds {bytesMax} bytes of other request bodies at the moment. Try again.",
        Reason: "RequestBodyMemoryExceeded");
}
