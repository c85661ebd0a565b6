using Lambent.Server.Alerts;

namespace Lambent.Server.Tests.Alerts;

public enum EndsAt
{
    /// <summary>The group of errors is written, the alert is not.</summary>
    BeforeTheAlert,

    /// <summary>The alert is written, and nobody has noted that.</summary>
    BeforeTheAcknowledgement,
}

/// <summary>Stands for a server that ends while an alert is raised.</summary>
internal sealed class EndingRaiser(IAlertRaiser inner, EndsAt end) : IAlertRaiser
{
    private readonly TaskCompletionSource ended = new();

    public Task Ended => ended.Task;

    public async Task RaiseAsync(AlertNotice notice, CancellationToken cancellation = default)
    {
        if (end == EndsAt.BeforeTheAcknowledgement)
        {
            await inner.RaiseAsync(notice, cancellation);
        }

        ended.TrySetResult();
        throw new InvalidOperationException("The server ends here.");
    }
}
