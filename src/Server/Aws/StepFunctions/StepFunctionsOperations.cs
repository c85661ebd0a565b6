namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The table of the API of Step Functions: one line, one operation, one file.</summary>
internal static class StepFunctionsOperations
{
    public static IReadOnlyList<StepFunctionsOperation> All(StepFunctionsServices services) =>
    [
        // State machines
        CreateStateMachineOperation.Create(services),
        DescribeStateMachineOperation.Create(services),
        UpdateStateMachineOperation.Create(services),
        DeleteStateMachineOperation.Create(services),
        ListStateMachinesOperation.Create(services),
        ValidateStateMachineDefinitionOperation.Create(services),
        TestStateOperation.Create(services),

        // Versions and aliases
        PublishStateMachineVersionOperation.Create(services),
        DeleteStateMachineVersionOperation.Create(services),
        ListStateMachineVersionsOperation.Create(services),
        CreateStateMachineAliasOperation.Create(services),
        DescribeStateMachineAliasOperation.Create(services),
        UpdateStateMachineAliasOperation.Create(services),
        DeleteStateMachineAliasOperation.Create(services),
        ListStateMachineAliasesOperation.Create(services),

        // Executions
        StartExecutionOperation.Create(services),
        StartSyncExecutionOperation.Create(services),
        StopExecutionOperation.Create(services),
        RedriveExecutionOperation.Create(services),
        DescribeExecutionOperation.Create(services),
        DescribeStateMachineForExecutionOperation.Create(services),
        ListExecutionsOperation.Create(services),
        GetExecutionHistoryOperation.Create(services),
        DescribeMapRunOperation.Create(services),
        ListMapRunsOperation.Create(services),
        UpdateMapRunOperation.Create(services),

        // Activities and tasks
        CreateActivityOperation.Create(services),
        DescribeActivityOperation.Create(services),
        DeleteActivityOperation.Create(services),
        ListActivitiesOperation.Create(services),
        GetActivityTaskOperation.Create(services),
        SendTaskSuccessOperation.Create(services),
        SendTaskFailureOperation.Create(services),
        SendTaskHeartbeatOperation.Create(services),

        // Tags
        TagResourceOperation.Create(services),
        UntagResourceOperation.Create(services),
        ListTagsForResourceOperation.Create(services),
    ];
}
