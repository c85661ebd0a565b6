using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Dispatch;

namespace Lambent.Server.Native;

internal sealed record ProvisionRequest(int? Count, IReadOnlyList<WindowShape>? Windows);

internal sealed record ProvisionedListAnswer(string Function, IReadOnlyList<ProvisionedAnswer> Provisioned);

/// <param name="Qualifier">A version number or an alias.</param>
/// <param name="Count">Calls at a time outside of all windows.</param>
/// <param name="Requested">Calls at a time that are asked for now.</param>
/// <param name="Allocated">Those whose environments are ready or being started.</param>
/// <param name="Available">Those whose environments are ready.</param>
/// <param name="Status">IN_PROGRESS, READY or FAILED.</param>
/// <param name="StatusReason">Why it failed, with the phase.</param>
/// <param name="NextChange">When a window changes what is asked for.</param>
/// <param name="LastModified">When it was set.</param>
/// <param name="Windows">Times of the week with another count.</param>
internal sealed record ProvisionedAnswer(
    string Qualifier,
    int Count,
    int Requested,
    int Allocated,
    int Available,
    string Status,
    string? StatusReason,
    DateTimeOffset? NextChange,
    DateTimeOffset LastModified,
    IReadOnlyList<WindowShape> Windows)
{
    public static ProvisionedAnswer From(string qualifier, ProvisionedState state) => new(
        qualifier,
        state.Configured.Count,
        state.Requested,
        state.Allocated,
        state.Available,
        state.Status,
        state.StatusReason,
        state.NextChange,
        state.Configured.LastModifiedAt,
        [.. state.Configured.Windows.Select(WindowShape.Of)]);
}

/// <param name="From">Time of day, such as 08:00.</param>
/// <param name="To">Time of day; not after From: on the next day.</param>
/// <param name="Days">daily, mon-fri, sat,sun; absent: daily.</param>
/// <param name="Zone">IANA name, such as Europe/Berlin; absent: UTC.</param>
/// <param name="Count">Calls at a time while the window is open.</param>
internal sealed record WindowShape(string? From, string? To, string? Days, string? Zone, int? Count)
{
    private const string TimeFormat = "HH:mm";

    public static WindowShape Of(ProvisionedWindow window) => new(
        window.From.ToString(TimeFormat, CultureInfo.InvariantCulture),
        window.To.ToString(TimeFormat, CultureInfo.InvariantCulture),
        DayNames.Text(window.Days),
        window.Zone,
        window.Count);

    /// <summary>The window, or InvalidParameter that names what is wrong.</summary>
    public Result<ProvisionedWindow> ToWindow()
    {
        if (!TryTime(From, out var from))
        {
            return Invalid($"from must be a time of day such as 08:00, not '{From}'.", "from");
        }

        if (!TryTime(To, out var to))
        {
            return Invalid($"to must be a time of day such as 18:00, not '{To}'.", "to");
        }

        if (!DayNames.TryParse(Days ?? "daily", out var days))
        {
            return Invalid($"days must be daily, or days such as mon-fri or sat,sun, not '{Days}'.", "days");
        }

        var zone = Zone ?? "UTC";
        if (ProvisionedEnvironments.FindZone(zone) is null)
        {
            return Invalid($"zone must be an IANA time zone such as Europe/Berlin, not '{Zone}'.", "zone");
        }

        return Count is >= 0
            ? new ProvisionedWindow { Count = Count.Value, From = from, To = to, Days = days, Zone = zone }
            : Invalid("count of a window must be 0 or more.", "count");
    }

    private static bool TryTime(string? text, out TimeOnly time) => TimeOnly.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static Error Invalid(string message, string field) => FunctionErrors.InvalidParameter(message, field);
}
