namespace Lambent.Load.Scenarios;

/// <summary>What the operator chose, and where a scenario may write.</summary>
internal sealed record ScenarioContext
{
    /// <summary>Fewer and shorter rounds: for a look, not for the record.</summary>
    public required bool Quick { get; init; }

    /// <summary>How many functions, for the scenarios that deploy many; null for each one's own default.</summary>
    public required int? Functions { get; init; }

    /// <summary>How many events, for the scenario that queues them; null for its own default.</summary>
    public int? Events { get; init; }

    /// <summary>How many kills, for the scenario that kills servers; null for its own default.</summary>
    public int? Kills { get; init; }

    /// <summary>How many seeds, for the simulator; null for its default.</summary>
    public int? Seeds { get; init; }

    /// <summary>Path of the product's executable.</summary>
    public required string Program { get; init; }

    /// <summary>Kept from run to run: peers from npm, the .NET function's build.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>This run's own; deleted after it.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where simulated scenarios write drawings; null for none.</summary>
    public string? PlotFolder { get; init; }

    /// <summary>Tells what is going on.</summary>
    public required Action<string> Progress { get; init; }

    public int Rounds => Quick ? 3 : 5;

    public TimeSpan RoundDuration => TimeSpan.FromSeconds(Quick ? 1 : 3);

    public TimeSpan WarmUpDuration => TimeSpan.FromSeconds(Quick ? 3 : 6);

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(WorkFolder, name)).FullName;
}
