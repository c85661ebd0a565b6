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
}
