using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Schedules;

/// <summary>Does a request with a client's token once, however often it comes.</summary>
internal static class ScheduleTokens
{
    /// <param name="transaction">In which it is done and remembered.</param>
    /// <param name="account">Whose token it is.</param>
    /// <param name="request">The token, and what the request is.</param>
    /// <param name="now">The time.</param>
    /// <param name="act">Does it, and answers.</param>
    public static Result<string> Once(
        ITransaction transaction,
        AccountId account,
        ScheduleRequest request,
        DateTimeOffset now,
        Func<Result<string>> act)
    {
        if (request.Token is not { } token)
        {
            return act();
        }

        if (transaction.Schedules.FindToken(account, token, now) is { } used)
        {
            return used.Digest == request.Digest
                ? used.Answer
                : new Error(
                    ErrorCode.ResourceConflict,
                    $"The client token {token} was used with a different request.",
                    "ClientToken");
        }

        var result = act();
        if (result.IsSuccess)
        {
            transaction.Schedules.ForgetTokens(now);
            transaction.Schedules.PutToken(
                account, token, new UsedToken(request.Digest, result.Value), now + Limits.ScheduleTokenRetention);
        }

        return result;
    }
}
