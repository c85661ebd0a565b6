using System.Reflection;

namespace Billing;

/// <summary>The handler: Billing::Billing.InvoiceFunction::HandleAsync.</summary>
public sealed class InvoiceFunction
{
    // Read once for an environment; every call after the first finds it done.
    private readonly Task<TaxTable> taxes = TaxTable.ReadAsync(Path.Combine(
        Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "tax-rates.json"));

    public async Task<Invoice> HandleAsync(Order order)
    {
        var table = await taxes;
        var problems = OrderRules.Check(order, table).ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOrderException(problems);
        }

        var invoice = InvoiceCalculation.Calculate(order, table);
        Console.WriteLine($"Order {order.OrderId}: {invoice.Treatment}, {invoice.Gross} {invoice.Currency}");
        return invoice;
    }
}

/// <summary>The order cannot be billed; the message lists everything that is wrong with it.</summary>
public sealed class InvalidOrderException(IReadOnlyList<string> problems)
    : Exception("The order cannot be billed: " + string.Join("; ", problems) + ".");
