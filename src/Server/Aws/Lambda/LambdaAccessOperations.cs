using Lambent.Server.Aws.Protocols;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The Lambda API's operations about who may call a function, how often, and at which address.</summary>
internal static class LambdaAccessOperations
{
    public static IReadOnlyList<AwsOperation> All(
        LambdaServices services,
        FunctionUrls urls,
        ConcurrencyReservations reservations,
        ProvisionedEnvironments provisioned) =>
    [
        // Permissions
        AddPermissionOperation.Create(services),
        GetPolicyOperation.Create(services),
        RemovePermissionOperation.Create(services),

        // Concurrency
        PutFunctionConcurrencyOperation.Create(services, reservations),
        GetFunctionConcurrencyOperation.Create(services),
        DeleteFunctionConcurrencyOperation.Create(services, reservations),
        PutProvisionedConcurrencyConfigOperation.Create(services, reservations, provisioned),
        GetProvisionedConcurrencyConfigOperation.Create(services, provisioned),
        ListProvisionedConcurrencyConfigsOperation.Create(services, provisioned),
        DeleteProvisionedConcurrencyConfigOperation.Create(services),

        // Function URLs
        CreateFunctionUrlConfigOperation.Create(services, urls),
        GetFunctionUrlConfigOperation.Create(services, urls),
        UpdateFunctionUrlConfigOperation.Create(services, urls),
        DeleteFunctionUrlConfigOperation.Create(services),
        ListFunctionUrlConfigsOperation.Create(services, urls),

        // Tags
        TagResourceOperation.Create(services),
        UntagResourceOperation.Create(services),
        ListTagsOperation.Create(services),

        // What tools read before they change anything
        GetAccountSettingsOperation.Create(services),
        GetFunctionRecursionConfigOperation.Create(services),
        GetRuntimeManagementConfigOperation.Create(services),
    ];
}
