using System.Text.Json.Serialization;

namespace Billing;

public sealed record Invoice
{
    public required string OrderId { get; init; }

    public required DateOnly IssuedOn { get; init; }

    public required DateOnly DueOn { get; init; }

    public required string Currency { get; init; }

    public required string Seller { get; init; }

    public required string Buyer { get; init; }

    public required TaxTreatment Treatment { get; init; }

    /// <summary>What the law wants printed for this treatment, or null.</summary>
    public string? Note { get; init; }

    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    public required IReadOnlyList<TaxAmount> Taxes { get; init; }

    public required decimal Net { get; init; }

    public required decimal Tax { get; init; }

    public required decimal Gross { get; init; }
}

public sealed record InvoiceLine(
    string Description, decimal Quantity, decimal UnitPrice, decimal Net, decimal TaxPercent);

/// <summary>Tax of all lines with one rate.</summary>
public sealed record TaxAmount(decimal Percent, decimal Net, decimal Tax);

[JsonConverter(typeof(JsonStringEnumConverter<TaxTreatment>))]
public enum TaxTreatment
{
    /// <summary>Seller and buyer in one country: its rates.</summary>
    Domestic,

    /// <summary>A private buyer in another EU country: the buyer's rates.</summary>
    DistanceSale,

    /// <summary>A business in another EU country: no tax, the buyer accounts for it.</summary>
    ReverseCharge,

    /// <summary>Goods leave the tax area: no tax.</summary>
    Export,
}
