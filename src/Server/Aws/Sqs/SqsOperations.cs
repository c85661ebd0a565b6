namespace Lambent.Server.Aws.Sqs;

/// <summary>The table of the SQS API: one line, one operation, one file.</summary>
internal static class SqsOperations
{
    public static IReadOnlyList<SqsOperation> All(SqsServices services) =>
    [
        // Queues
        CreateQueueOperation.Create(services),
        GetQueueUrlOperation.Create(services),
        ListQueuesOperation.Create(services),
        GetQueueAttributesOperation.Create(services),
        SetQueueAttributesOperation.Create(services),
        PurgeQueueOperation.Create(services),
        DeleteQueueOperation.Create(services),

        // Messages
        SendMessageOperation.Create(services),
        SendMessageBatchOperation.Create(services),
        ReceiveMessageOperation.Create(services),
        DeleteMessageOperation.Create(services),
        DeleteMessageBatchOperation.Create(services),
        ChangeMessageVisibilityOperation.Create(services),
        ChangeMessageVisibilityBatchOperation.Create(services),

        // Tags and permissions
        TagQueueOperation.Create(services),
        UntagQueueOperation.Create(services),
        ListQueueTagsOperation.Create(services),
        AddPermissionOperation.Create(services),
        RemovePermissionOperation.Create(services),

        // Dead letters
        ListDeadLetterSourceQueuesOperation.Create(services),
        StartMessageMoveTaskOperation.Create(services),
        ListMessageMoveTasksOperation.Create(services),
        CancelMessageMoveTaskOperation.Create(services),
    ];
}
