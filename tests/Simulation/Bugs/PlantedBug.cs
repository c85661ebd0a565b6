namespace Lambent.Simulation.Bugs;

/// <summary>
/// Mistakes that were made in other systems, put between the real parts so that the rules can show that they see them.
/// </summary>
internal enum PlantedBug
{
    None,

    /// <summary>The store answers before the write is on the disk.</summary>
    AcknowledgeBeforeCommit,

    /// <summary>A message that was received too often is taken away and not put into the dead-letter queue.</summary>
    LostDeadLetter,

    /// <summary>A message that is received stays visible.</summary>
    ForgottenVisibility,

    /// <summary>A node that was replaced settles events as if it still had the right to.</summary>
    MissingEpochCheck,

    /// <summary>The next attempt of an event carries another id.</summary>
    RetryWithNewId,

    /// <summary>An event whose end was written already is ended again, with a second record of it.</summary>
    DoubleSuccess,

    /// <summary>An event that is given up is taken away, and its dead letter is not written.</summary>
    LostEventLetter,

    /// <summary>The record of a task that is done within the store is lost, and what it did is not.</summary>
    UnrecordedTask,

    /// <summary>An idle instance is used again whatever version of its function it has.</summary>
    WarmAcrossVersions,

    /// <summary>A request whose instance died is answered as if it had run.</summary>
    LostRequest,

    /// <summary>A schedule's step to its next time is written after what it hands over, not with it.</summary>
    OccurrenceMarkedLater,

    /// <summary>Occurrences that came too late are passed over in silence.</summary>
    UnlistedMiss,

    /// <summary>An occurrence that its target did not take is not kept for another attempt.</summary>
    ForgottenOccurrence,

    /// <summary>A mapping deletes the messages of a batch before it knows whether they were handled.</summary>
    DeleteBeforeSuccess,

    /// <summary>A mapping does not read which messages of a batch failed.</summary>
    IgnoredItemFailures,

    /// <summary>A mapping calls as often at a time as it likes.</summary>
    UnlimitedBatches,

    /// <summary>A message that a subscriber did not take is taken away, not hidden for another attempt.</summary>
    ForgottenRetry,

    /// <summary>A request of a webhook that came before is taken for a new one.</summary>
    ForgottenDelivery,

    /// <summary>Each attempt to call back carries another id.</summary>
    CallbackWithNewId,

    /// <summary>The end of an event is written, and the callback that tells of it is not.</summary>
    LostCallback,

    /// <summary>Not the platform's: a function whose answer shows earlier requests.</summary>
    UnsafeGlobalState,

    /// <summary>Not the platform's: a function that does something again when it is run again.</summary>
    UnsafeIncrement,
}

/// <summary>Where planted bugs can show.</summary>
internal static class PlantedBugs
{
    /// <summary>The story in which a bug can show, so that the others need not be told for it.</summary>
    public static string StoryOf(PlantedBug bug) => bug switch
    {
        PlantedBug.AcknowledgeBeforeCommit or PlantedBug.LostDeadLetter or PlantedBug.ForgottenVisibility => "queues",
        PlantedBug.MissingEpochCheck or PlantedBug.RetryWithNewId or PlantedBug.DoubleSuccess
            or PlantedBug.LostEventLetter => "events",
        PlantedBug.OccurrenceMarkedLater or PlantedBug.UnlistedMiss or PlantedBug.ForgottenOccurrence => "schedules",
        PlantedBug.DeleteBeforeSuccess or PlantedBug.IgnoredItemFailures or PlantedBug.UnlimitedBatches => "mappings",
        PlantedBug.UnrecordedTask => "executions",
        PlantedBug.ForgottenRetry => "push",
        PlantedBug.ForgottenDelivery or PlantedBug.CallbackWithNewId or PlantedBug.LostCallback => "webhooks",
        _ => "serverless",
    };
}
