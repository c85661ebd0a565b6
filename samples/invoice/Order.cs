using System.Text.Json.Serialization;

namespace Billing;

/// <summary>
/// What was bought, by whom, from whom. Prices are net. A JSON null counts as absent, so that <see cref="OrderRules"/>
/// can say what is missing.
/// </summary>
public sealed record Order
{
    public string OrderId { get; init => field = value ?? ""; } = "";

    public DateOnly OrderedOn { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init => field = value ?? ""; } = "";

    public Party Seller { get; init => field = value ?? new(); } = new();

    public Party Buyer { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<OrderLine> Lines
    {
        get;
        init => field = [.. (value ?? []).Select(line => line ?? new())];
    } = [];
}

public sealed record Party
{
    public string Name { get; init; } = "";

    /// <summary>ISO 3166-1, two letters.</summary>
    public string Country { get; init => field = value ?? ""; } = "";

    /// <summary>With the country's prefix; null for a private person.</summary>
    public string? VatId { get; init; }
}

public sealed record OrderLine
{
    public string Description { get; init; } = "";

    public decimal Quantity { get; init; }

    /// <summary>Net, for one; may have more decimals than the currency.</summary>
    public decimal UnitPrice { get; init; }

    public decimal DiscountPercent { get; init; }

    public TaxCategory Category { get; init; } = TaxCategory.Standard;
}

[JsonConverter(typeof(JsonStringEnumConverter<TaxCategory>))]
public enum TaxCategory
{
    Standard,
    Reduced,
    Zero,
}
