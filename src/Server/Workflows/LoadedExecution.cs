using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Server.Workflows;

/// <summary>An execution in memory. One thing at a time happens to it; what comes meanwhile waits in line.</summary>
internal sealed class LoadedExecution(ExecutionRecord record, Interpreter interpreter)
{
    private readonly Lock gate = new();
    private List<Stimulus> waiting = [];
    private bool isBusy;
    private bool isClosed;

    public ExecutionRecord Record { get; set; } = record;

    /// <summary>What it is found by in memory: of one that is written nowhere, more than its name.</summary>
    public ExecutionId Handle { get; init; } = record.Id;

    public Interpreter Interpreter { get; } = interpreter;

    /// <summary>As the store has it; null when it was just read, and nobody looks after it yet.</summary>
    public ExecutionActivity? Activity { get; set; }

    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>When the runner looks at it by itself; only the runner's timer uses it.</summary>
    public DateTimeOffset? TimerAt { get; set; }

    /// <summary>Whether its events are written down; a synchronous express execution's are not.</summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>Gets the events of one that is written nowhere, or null.</summary>
    public List<JournalEvent>? Observed { get; init; }

    /// <summary>Gets what an HTTP task sends and receives, or null.</summary>
    public HttpExchange? Exchange { get; init; }

    /// <summary>Completes when it has ended, for who waits for it.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds something to the line.</summary>
    /// <param name="stimulus">What; null: look whether there is something to do.</param>
    /// <param name="begins">Whether nobody is at it: the caller is to work on it.</param>
    /// <returns>False when it has left the memory; it has to be loaded again.</returns>
    public bool TryAdd(Stimulus? stimulus, out bool begins)
    {
        lock (gate)
        {
            begins = !isBusy && !isClosed;
            if (isClosed)
            {
                return false;
            }

            if (stimulus is not null)
            {
                waiting.Add(stimulus);
            }

            isBusy = true;
            return true;
        }
    }

    /// <summary>What waits in line. Only the one who works on it calls it.</summary>
    public List<Stimulus> Take()
    {
        lock (gate)
        {
            var taken = waiting;
            waiting = [];
            return taken;
        }
    }

    /// <summary>Ends the work when nothing waits in line.</summary>
    /// <param name="closes">Whether it leaves the memory with that.</param>
    public bool TryRest(bool closes)
    {
        lock (gate)
        {
            if (waiting.Count > 0)
            {
                return false;
            }

            (isBusy, isClosed) = (false, closes);
            return true;
        }
    }

    /// <summary>Gives it up, whatever waits.</summary>
    public List<Stimulus> Close()
    {
        lock (gate)
        {
            (isBusy, isClosed) = (false, true);
            return Take();
        }
    }
}
