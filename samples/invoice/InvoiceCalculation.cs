namespace Billing;

/// <summary>
/// Sums and taxes. A line's net is rounded to the currency's decimals; tax is computed once for each rate on the sum
/// of its lines, so that the invoice adds up; halves are rounded away from zero. All arithmetic is decimal.
/// </summary>
public static class InvoiceCalculation
{
    private const int DueAfterDays = 30;

    /// <param name="order">An order that <see cref="OrderRules"/> found nothing wrong with.</param>
    /// <param name="table">The rates.</param>
    public static Invoice Calculate(Order order, TaxTable table)
    {
        var decimals = table.CurrencyDecimals[order.Currency];
        var treatment = Treat(order, table);
        var lines = order.Lines.Select(line => Price(line, Rate(line, order, treatment, table), decimals)).ToList();
        var taxes = lines
            .GroupBy(line => line.TaxPercent)
            .OrderByDescending(group => group.Key)
            .Select(group => Tax(group.Key, group.Sum(line => line.Net), decimals))
            .ToList();
        var net = lines.Sum(line => line.Net);
        var tax = taxes.Sum(amount => amount.Tax);
        return new Invoice
        {
            OrderId = order.OrderId,
            IssuedOn = order.OrderedOn,
            DueOn = order.OrderedOn.AddDays(DueAfterDays),
            Currency = order.Currency,
            Seller = order.Seller.Name,
            Buyer = order.Buyer.Name,
            Treatment = treatment,
            Note = NoteOf(treatment, order),
            Lines = lines,
            Taxes = taxes,
            Net = net,
            Tax = tax,
            Gross = net + tax,
        };
    }

    private static TaxTreatment Treat(Order order, TaxTable table)
    {
        if (order.Seller.Country == order.Buyer.Country)
        {
            return TaxTreatment.Domestic;
        }

        var bothInUnion = InUnion(order.Seller.Country, table) && InUnion(order.Buyer.Country, table);
        return !bothInUnion ? TaxTreatment.Export
            : order.Buyer.VatId is null ? TaxTreatment.DistanceSale
            : TaxTreatment.ReverseCharge;
    }

    private static bool InUnion(string country, TaxTable table) =>
        table.Countries.TryGetValue(country, out var rates) && rates.EuropeanUnion;

    private static decimal Rate(OrderLine line, Order order, TaxTreatment treatment, TaxTable table) => treatment switch
    {
        TaxTreatment.Domestic => table.Countries[order.Seller.Country].Percent(line.Category),
        TaxTreatment.DistanceSale => table.Countries[order.Buyer.Country].Percent(line.Category),
        _ => 0,
    };

    private static InvoiceLine Price(OrderLine line, decimal percent, int decimals)
    {
        var net = Round(line.Quantity * line.UnitPrice * (100 - line.DiscountPercent) / 100, decimals);
        return new InvoiceLine(line.Description, line.Quantity, line.UnitPrice, net, percent);
    }

    private static TaxAmount Tax(decimal percent, decimal net, int decimals) =>
        new(percent, net, Round(net * percent / 100, decimals));

    private static decimal Round(decimal amount, int decimals) =>
        Math.Round(amount, decimals, MidpointRounding.AwayFromZero);

    private static string? NoteOf(TaxTreatment treatment, Order order) => treatment switch
    {
        TaxTreatment.ReverseCharge =>
            $"Reverse charge: {order.Buyer.VatId} accounts for the tax (Directive 2006/112/EC, Art. 196).",
        TaxTreatment.Export => "Exempt export (Directive 2006/112/EC, Art. 146).",
        _ => null,
    };
}
