using Lambent.Kernel.Access;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>Whose telemetry is sent on: that of some accounts, or everybody's when none is named.</summary>
internal sealed class ExportAccounts(IReadOnlyCollection<AccountId> named)
{
    private readonly HashSet<AccountId> named = [.. named];

    public static ExportAccounts Everybody { get; } = new([]);

    public bool IsEverybody => named.Count == 0;

    public bool Has(AccountId account) => IsEverybody || named.Contains(account);
}
