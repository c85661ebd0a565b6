using System.Collections.Concurrent;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Machines;

namespace Lambent.Server.Workflows;

/// <param name="Definition">Read and compiled.</param>
/// <param name="RoleArn">As the revision has it.</param>
internal sealed record KnownRevision(StateMachineDefinition Definition, string RoleArn);

/// <summary>
/// Definitions, read and compiled. A revision never changes, so what was read once stays right; when there are too
/// many, all are forgotten and read again as they are needed.
/// </summary>
internal sealed class MachineDirectory(IStore store)
{
    private const int RevisionsMax = 2_000;

    private readonly ConcurrentDictionary<(StateMachineId Machine, string Revision), KnownRevision> read = [];

    /// <summary>A revision, or null when there is none (any more).</summary>
    /// <exception cref="InvalidOperationException">It was accepted once and is not valid any more: a bug.</exception>
    public KnownRevision? Find(StateMachineId machine, string revision)
    {
        if (read.TryGetValue((machine, revision), out var known))
        {
            return known;
        }

        return store.Read(transaction => transaction.StateMachines.GetRevision(machine, revision)) is { } found
            ? Remember(found)
            : null;
    }

    /// <summary>The same within a transaction.</summary>
    public KnownRevision? Find(ITransaction transaction, StateMachineId machine, string revision) =>
        read.TryGetValue((machine, revision), out var known) ? known
        : transaction.StateMachines.GetRevision(machine, revision) is { } found ? Remember(found)
        : null;

    private KnownRevision Remember(StateMachineRevision revision)
    {
        // Everything an express machine may have, a standard one may have too.
        var reading = DefinitionReader.Read(revision.Definition, new DefinitionOptions(IsExpress: false));
        var definition = reading.Definition ?? throw new InvalidOperationException(
            $"The definition of {revision.Machine.Name} was accepted and cannot be read: "
            + reading.Diagnostics.FirstOrDefault(diagnostic => diagnostic.IsError)?.Message);
        if (read.Count >= RevisionsMax)
        {
            read.Clear();
        }

        return read[(revision.Machine, revision.Revision)] = new KnownRevision(definition, revision.RoleArn);
    }
}
