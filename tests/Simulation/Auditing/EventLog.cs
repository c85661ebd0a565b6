using System.Globalization;

namespace Lambent.Simulation.Auditing;

/// <summary>
/// What happened in a world, line by line. Its hash is the world's fingerprint: the same seed gives the same.
/// </summary>
/// <param name="keepsAll">Whether all lines are kept, for reading; else only the last ones.</param>
internal sealed class EventLog(bool keepsAll)
{
    private const int KeptLinesMax = 40;
    private readonly Queue<string> lines = new();

    // FNV-1a.
    private ulong hash = 14_695_981_039_346_656_037;

    public string Hash => hash.ToString("x16", CultureInfo.InvariantCulture);

    public IEnumerable<string> Lines => lines;

    public void Add(TimeSpan at, string text)
    {
        var line = $"{at.TotalSeconds,10:0.000} {text}";
        foreach (var character in line)
        {
            hash = unchecked((hash ^ character) * 1_099_511_628_211);
        }

        lines.Enqueue(line);
        if (!keepsAll && lines.Count > KeptLinesMax)
        {
            lines.Dequeue();
        }
    }
}
