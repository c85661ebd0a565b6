using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>GetAccountSettings: the limits of the caller's account and what it uses of them.</summary>
internal static class GetAccountSettingsOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "GetAccountSettings",
        "GET",
        "/2016-08-19/account-settings",
        request => ValueTask.FromResult(Handle(services, request)));

    private static Result<AwsResponse> Handle(LambdaServices services, AwsRequest request)
    {
        var account = request.Principal.Account;
        var functions = services.Functions.Directory.All()
            .Select(snapshot => snapshot.Function)
            .Where(function => function.Id.Account == account)
            .ToList();
        var limit = services.Store.Read(transaction =>
            transaction.Accounts.Get(account)?.ConcurrencyLimit ?? Limits.AccountConcurrencyDefault);
        var shape = new AccountSettingsShape
        {
            AccountLimit = new AccountLimitShape
            {
                TotalCodeSize = Limits.CodeStorageBytesMax,
                CodeSizeUnzipped = Limits.UnzippedPackageBytesMax,
                CodeSizeZipped = Limits.ZippedPackageBytesMax,
                ConcurrentExecutions = limit,
                UnreservedConcurrentExecutions =
                    Math.Max(0, limit - services.Functions.Directory.SetAside(account)),
            },
            AccountUsage = new AccountUsageShape
            {
                TotalCodeSize = CodeStorage.UsedBytes(services, account),
                FunctionCount = functions.Count,
            },
        };
        return AwsResponse.Json(200, shape, LambdaAccessJson.Wire.AccountSettingsShape);
    }
}

internal sealed record AccountSettingsShape
{
    public required AccountLimitShape AccountLimit { get; init; }

    public required AccountUsageShape AccountUsage { get; init; }
}

internal sealed record AccountLimitShape
{
    public required long TotalCodeSize { get; init; }

    public required long CodeSizeUnzipped { get; init; }

    public required long CodeSizeZipped { get; init; }

    public required int ConcurrentExecutions { get; init; }

    public required int UnreservedConcurrentExecutions { get; init; }
}

internal sealed record AccountUsageShape
{
    public required long TotalCodeSize { get; init; }

    public required long FunctionCount { get; init; }
}
