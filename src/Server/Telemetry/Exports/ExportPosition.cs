using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// How far an export has got in what is stored in the order of its writing. What was removed before it could be sent is
/// passed over and counted.
/// </summary>
/// <param name="store">Where it is remembered.</param>
/// <param name="name">Under which it is remembered.</param>
/// <param name="ends">The numbers of the first and last item there are.</param>
/// <param name="meter">Told of what was removed.</param>
internal sealed class ExportPosition(
    LogExportStore store, string name, Func<(long First, long Last)> ends, ExportMeter meter)
{
    private long number = store.FindOrBegin(name, ends().Last);
    private long saved = store.FindPosition(name) ?? -1;

    /// <summary>Of the last item that was sent.</summary>
    public long Number => Interlocked.Read(ref number);

    /// <summary>Items after it, about.</summary>
    public long Waiting => ends() is var (first, last) && last > Number ? last - Math.Max(Number, first - 1) : 0;

    public void MoveTo(long sent) => Interlocked.Exchange(ref number, sent);

    /// <summary>Passes over what is gone.</summary>
    public void SkipRemoved()
    {
        var (first, last) = ends();
        if (last < Number)
        {
            // Everything was deleted, and numbers begin anew.
            MoveTo(last);
        }
        else if (first > Number + 1)
        {
            meter.Drop(first - Number - 1);
            MoveTo(first - 1);
        }
    }

    /// <exception cref="Kernel.Storage.StoreException">It could not be written.</exception>
    public Task SaveAsync() => SaveAsync(Number);

    /// <inheritdoc cref="SaveAsync()"/>
    public async Task SaveAsync(long certain)
    {
        if (certain != saved)
        {
            await store.PutPositionAsync(name, certain);
            saved = certain;
        }
    }
}
