using System.Text.RegularExpressions;

namespace Billing;

/// <summary>What an order must fulfil before it is billed. Every broken rule is one sentence.</summary>
public static partial class OrderRules
{
    private const int LinesMax = 1_000;
    private const decimal AmountMax = 10_000_000;

    public static IEnumerable<string> Check(Order order, TaxTable table)
    {
        if (!OrderIdPattern().IsMatch(order.OrderId))
        {
            yield return "orderId is 1 to 32 letters, digits and hyphens";
        }

        if (order.OrderedOn < new DateOnly(2000, 1, 1))
        {
            yield return "orderedOn is missing";
        }

        if (!table.CurrencyDecimals.ContainsKey(order.Currency))
        {
            yield return $"currency '{order.Currency}' is not one of {string.Join(", ", table.CurrencyDecimals.Keys)}";
        }

        var parties = CheckParty("seller", order.Seller, table).Concat(CheckParty("buyer", order.Buyer, table));
        foreach (var problem in parties)
        {
            yield return problem;
        }

        if (!table.Countries.ContainsKey(order.Seller.Country))
        {
            yield return $"the tax rates of the seller's country '{order.Seller.Country}' are not known";
        }

        if (order.Lines.Count is 0 or > LinesMax)
        {
            yield return $"an order has 1 to {LinesMax} lines";
        }

        foreach (var problem in order.Lines.SelectMany((line, index) => CheckLine(line, index + 1)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> CheckParty(string role, Party party, TaxTable table)
    {
        if (string.IsNullOrWhiteSpace(party.Name))
        {
            yield return $"{role}.name is missing";
        }

        if (!CountryPattern().IsMatch(party.Country))
        {
            yield return $"{role}.country is a code of two letters";
        }
        else if (party.VatId is not null && table.Countries.TryGetValue(party.Country, out var country)
            && country.EuropeanUnion && !VatIdPattern(party.Country).IsMatch(party.VatId))
        {
            yield return $"{role}.vatId '{party.VatId}' is not a VAT number of {party.Country}";
        }
    }

    private static IEnumerable<string> CheckLine(OrderLine line, int number)
    {
        if (string.IsNullOrWhiteSpace(line.Description))
        {
            yield return $"line {number} has no description";
        }

        if (line.Quantity is <= 0 or > AmountMax)
        {
            yield return $"line {number}: quantity is above 0 and at most {AmountMax}";
        }

        if (line.UnitPrice is < 0 or > AmountMax)
        {
            yield return $"line {number}: unitPrice is 0 to {AmountMax}";
        }

        if (line.DiscountPercent is < 0 or > 100)
        {
            yield return $"line {number}: discountPercent is 0 to 100";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,32}$")]
    private static partial Regex OrderIdPattern();

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex CountryPattern();

    private static Regex VatIdPattern(string country) => country switch
    {
        "AT" => new Regex("^ATU[0-9]{8}$"),
        "DE" => new Regex("^DE[0-9]{9}$"),
        "NL" => new Regex("^NL[0-9]{9}B[0-9]{2}$"),
        _ => new Regex($"^{country}[A-Z0-9]{{8,12}}$"),
    };
}
