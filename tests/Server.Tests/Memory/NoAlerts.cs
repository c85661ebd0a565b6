using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;

namespace Lambent.Server.Tests.Memory;

/// <summary>No alerts: they are tested on the real store. Accounts without any can be deleted.</summary>
internal sealed class NoAlerts : IAlertTable
{
    public Alert? Get(AlertId id) => null;

    public IReadOnlyList<Alert> List(AccountId account, string? after, int limit) => [];

    public IReadOnlyList<Alert> All() => [];

    public void Put(Alert alert) => throw None();

    public void Delete(AlertId id) => throw None();

    public void Add(AlertId id, AlertChange change, int kept) => throw None();

    public IReadOnlyList<AlertChange> History(AlertId id, string? before, int limit) => [];

    private static NotSupportedException None() => new("Alerts are tested on the real store.");
}
