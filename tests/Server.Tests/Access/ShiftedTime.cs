namespace Lambent.Server.Tests.Access;

/// <summary>The system's clock, or a fixed one, moved by a test. Real clients sign with the real time.</summary>
internal sealed class ShiftedTime(DateTimeOffset? fixedAt = null) : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => (fixedAt ?? System.GetUtcNow()) + Shift;
}
