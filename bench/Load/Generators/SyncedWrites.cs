using System.Diagnostics;

namespace Lambent.Load.Generators;

/// <summary>The floor of whatever is durable: one writer that appends a record and syncs it, again and again.</summary>
internal static class SyncedWrites
{
    private const int RecordBytes = 512;

    /// <param name="folder">On the disk to be measured.</param>
    /// <param name="duration">How long to write.</param>
    public static double PerSecond(string folder, TimeSpan duration)
    {
        var path = Path.Combine(folder, "floor");
        var record = new byte[RecordBytes];
        Array.Fill(record, (byte)'x');
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                file.Write(record);
                file.Flush(flushToDisk: true);
                count++;
            }
        }

        File.Delete(path);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
