namespace Lambent.Kernel.Webhooks;

/// <summary>
/// Gives a webhook another secret. The one before counts for a while longer, so that the other side can be changed
/// after this one without a request being refused in between.
/// </summary>
/// <param name="Secret">The new one.</param>
/// <param name="Overlap">How long the one before still counts; zero ends it at once.</param>
public sealed record RotateSecret(string Secret, TimeSpan Overlap)
{
    public static Result<Webhook> Apply(Webhook state, RotateSecret command, DateTimeOffset now)
    {
        if (state.Secrets.IsEmpty)
        {
            return new Error(
                ErrorCode.InvalidParameter, "The webhook is without signatures: it has no secret to change.", "name");
        }

        if (command.Overlap < TimeSpan.Zero || command.Overlap > Limits.WebhookOverlapMax)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                $"The overlap must be 0 to {Limits.WebhookOverlapMax.TotalSeconds:0} s.",
                "overlapSeconds");
        }

        var end = now + command.Overlap;
        var before = state.Secrets[0];
        var rotated = state with
        {
            // Two count at a time, never three: a third would be one that somebody believes is gone.
            Secrets = command.Overlap == TimeSpan.Zero
                ? [new WebhookSecret(command.Secret, now)]
                : [new WebhookSecret(command.Secret, now), before with { EndsAt = end }],
            LastModifiedAt = now,
        };
        return WebhookRules.Check(rotated) is { } refused ? refused : rotated;
    }
}
