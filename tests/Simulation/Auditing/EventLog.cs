using System.Globalization;

namespace Lambent.Simulation.Auditing;

/// <summary>
/// What happened in a world, line by line. Its hash is the world's fingerprint: the same seed gives the same.
/// </summary>
/// <param name="live">Where lines are written as they come, or null: then the last ones are kept.</param>
internal sealed class EventLog(TextWriter? live)
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

        live?.WriteLine(line);
        lines.Enqueue(line);
        if (lines.Count > KeptLinesMax)
        {
            lines.Dequeue();
        }
    }
}
