using System.Text.Json;

namespace Billing;

/// <summary>Rates by country, and how many decimals a currency has; tax-rates.json.</summary>
public sealed record TaxTable
{
    public required IReadOnlyDictionary<string, CountryTax> Countries { get; init; }

    public required IReadOnlyDictionary<string, int> CurrencyDecimals { get; init; }

    public static async Task<TaxTable> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<TaxTable>(file, JsonSerializerOptions.Web)
            ?? throw new InvalidDataException($"{path} is empty.");
    }
}

public sealed record CountryTax(decimal Standard, decimal Reduced, bool EuropeanUnion)
{
    public decimal Percent(TaxCategory category) => category switch
    {
        TaxCategory.Standard => Standard,
        TaxCategory.Reduced => Reduced,
        _ => 0,
    };
}
