using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

internal sealed class ProvisionedConcurrencyDocument
{
    public int Count { get; set; }

    public ProvisionedWindowDocument[] Windows { get; set; } = [];

    public required DateTimeOffset LastModifiedAt { get; set; }

    public static ProvisionedConcurrencyDocument From(ProvisionedConcurrency provisioned) => new()
    {
        Count = provisioned.Count,
        Windows = [.. provisioned.Windows.Select(ProvisionedWindowDocument.Of)],
        LastModifiedAt = provisioned.LastModifiedAt,
    };

    public ProvisionedConcurrency ToProvisioned() => new()
    {
        Count = Count,
        Windows = [.. Windows.Select(window => window.ToWindow())],
        LastModifiedAt = LastModifiedAt,
    };
}

internal sealed class ProvisionedWindowDocument
{
    public required int Count { get; set; }

    public required TimeOnly From { get; set; }

    public required TimeOnly To { get; set; }

    /// <summary>The bits of the set, Sunday the lowest.</summary>
    public required int Days { get; set; }

    public required string Zone { get; set; }

    public static ProvisionedWindowDocument Of(ProvisionedWindow window) => new()
    {
        Count = window.Count,
        From = window.From,
        To = window.To,
        Days = (int)window.Days,
        Zone = window.Zone,
    };

    public ProvisionedWindow ToWindow() => new()
    {
        Count = Count,
        From = From,
        To = To,
        Days = (DaysOfWeek)Days,
        Zone = Zone,
    };
}
