using System.Globalization;

namespace Lambent.Kernel.Access;

/// <summary>How long a browser's session lives, and which ones make room for a new one.</summary>
/// <param name="IdleTimeout">It ends when it was not used for so long.</param>
/// <param name="AgeMax">It ends at this age however much it is used.</param>
public sealed record BrowserSessionRules(TimeSpan IdleTimeout, TimeSpan AgeMax)
{
    /// <summary>The instant from which on the session is over, unless it is used before.</summary>
    public DateTimeOffset EndOf(BrowserSession session)
    {
        var idle = session.LastUsedAt + IdleTimeout;
        var old = session.BegunAt + AgeMax;
        return idle < old ? idle : old;
    }

    public bool IsLive(BrowserSession session, DateTimeOffset now) => now < EndOf(session);

    /// <summary>What must go before one more session begins: those that ended, then the oldest.</summary>
    public IEnumerable<BrowserSession> MakeRoom(IReadOnlyList<BrowserSession> sessions, DateTimeOffset now)
    {
        var live = sessions.Where(session => IsLive(session, now)).OrderBy(session => session.BegunAt).ToList();
        var tooMany = Math.Max(0, live.Count - (Limits.BrowserSessionsPerAccountMax - 1));
        return sessions.Where(session => !IsLive(session, now)).Concat(live.Take(tooMany));
    }

    /// <summary>
    /// A browser's name for people: no characters that steer a terminal or turn text around, and not too many of
    /// the others.
    /// </summary>
    public static string Clean(string? userAgent)
    {
        var visible = (userAgent ?? "").Where(character => CharUnicodeInfo.GetUnicodeCategory(character)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));
        return string.Concat(visible.Take(Limits.UserAgentLengthMax));
    }
}
