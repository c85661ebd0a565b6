using Lambent.Kernel.Access;

namespace Lambent.Kernel.Metrics;

/// <summary>What a series is about. The numbers are stored.</summary>
public enum MetricKind
{
    Function = 1,
    Queue = 2,
    StateMachine = 3,

    /// <summary>What a user's program put.</summary>
    Custom = 4,
}

/// <summary>Something that is measured, minute by minute.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of the function, the queue, the state machine; of a custom one its namespace.</param>
/// <param name="Part">A function's version; of a custom one the metric's name; else empty.</param>
/// <param name="Detail">The alias a function was called by; of a custom one its dimensions; else empty.</param>
public readonly record struct MetricSeries(
    AccountId Account, MetricKind Kind, string Name, string Part = "", string Detail = "");

/// <summary>For how long one cell stands. The numbers are stored.</summary>
public enum MetricResolution
{
    Minute = 1,
    Hour = 2,
    Day = 3,
}

/// <summary>What is counted. The numbers are stored: never change them.</summary>
public enum MetricCounter
{
    /// <summary>Calls that came into an environment.</summary>
    Invocations = 0,
    HandlerErrors = 1,
    InitializationErrors = 2,
    TimeOuts = 3,
    Exits = 4,
    OutOfMemory = 5,
    OversizedResponses = 6,
    InvalidResponses = 7,

    /// <summary>Calls that a limit refused; they are no invocations.</summary>
    Throttles = 8,
    ColdStarts = 9,
    ProvisionedCalls = 10,
    SpillOvers = 11,
    BilledMilliseconds = 12,

    /// <summary>Billed milliseconds times configured megabytes: what is paid for, as a whole number.</summary>
    BilledMegabyteMilliseconds = 13,
    EventsReceived = 14,
    EventsDropped = 15,

    MessagesSent = 20,
    MessagesReceived = 21,
    MessagesDeleted = 22,
    EmptyReceives = 23,
    DeadLetters = 24,

    ExecutionsStarted = 30,
    ExecutionsSucceeded = 31,
    ExecutionsFailed = 32,
    ExecutionsTimedOut = 33,
    ExecutionsAborted = 34,
}

/// <summary>What is measured. The numbers are stored: never change them. Times are in microseconds.</summary>
public enum MetricMeasure
{
    /// <summary>Of handlers.</summary>
    Duration = 0,

    /// <summary>Of cold starts, all together.</summary>
    InitDuration = 1,

    /// <summary>From when an asynchronous event was due until it was dispatched.</summary>
    EventAge = 2,

    /// <summary>Calls in flight: the most of a minute.</summary>
    Concurrency = 3,

    MessagesVisible = 4,
    MessagesInFlight = 5,
    MessagesDelayed = 6,
    OldestMessageAge = 7,

    ExecutionTime = 8,

    /// <summary>What a custom metric was put as, in its own unit.</summary>
    Value = 9,

    /// <summary>Calls in environments that are provisioned: the most of a minute.</summary>
    ProvisionedConcurrency = 10,
}
