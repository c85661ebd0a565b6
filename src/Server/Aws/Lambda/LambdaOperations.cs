using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The table of the Lambda API: one line, one operation, one file.</summary>
internal static class LambdaOperations
{
    /// <summary>The dates that paths of the Lambda API start with; what is not served below them is refused.</summary>
    public static IReadOnlyList<string> Dates { get; } =
    [
        "2014-11-13", "2015-03-31", "2016-08-19", "2017-03-31", "2017-10-31", "2018-10-31", "2019-09-25",
        "2019-09-30", "2020-04-22", "2020-06-30", "2021-07-20", "2021-10-31", "2021-11-15", "2024-08-31",
        "2025-11-30", "2025-12-01",
    ];

    public static IReadOnlyList<AwsOperation> All(LambdaServices services) =>
    [
        // Functions
        CreateFunctionOperation.Create(services),
        GetFunctionOperation.Create(services),
        GetFunctionConfigurationOperation.Create(services),
        ListFunctionsOperation.Create(services),
        UpdateFunctionCodeOperation.Create(services),
        UpdateFunctionConfigurationOperation.Create(services),
        DeleteFunctionOperation.Create(services),

        // Versions and aliases
        PublishVersionOperation.Create(services),
        ListVersionsByFunctionOperation.Create(services),
        CreateAliasOperation.Create(services),
        GetAliasOperation.Create(services),
        UpdateAliasOperation.Create(services),
        DeleteAliasOperation.Create(services),
        ListAliasesOperation.Create(services),

        // Layers
        PublishLayerVersionOperation.Create(services),
        GetLayerVersionOperation.Create(services),
        GetLayerVersionByArnOperation.Create(services),
        ListLayersOperation.Create(services),
        ListLayerVersionsOperation.Create(services),
        DeleteLayerVersionOperation.Create(services),
        AddLayerVersionPermissionOperation.Create(services),
        RemoveLayerVersionPermissionOperation.Create(services),
        GetLayerVersionPolicyOperation.Create(services),

        // Asynchronous calls
        PutFunctionEventInvokeConfigOperation.Create(services),
        UpdateFunctionEventInvokeConfigOperation.Create(services),
        GetFunctionEventInvokeConfigOperation.Create(services),
        DeleteFunctionEventInvokeConfigOperation.Create(services),
        ListFunctionEventInvokeConfigsOperation.Create(services),

        // What a function does not have here
        GetFunctionCodeSigningConfigOperation.Create(services),
    ];
}
