namespace Lambent.Storage.Migrations;

/// <summary>
/// The documents of events leave out what their columns say, which older programs would not read. Rows stay as they
/// are: those from before say it twice.
/// </summary>
internal static class Migration008
{
    public static Migration ShortEvents { get; } = new(
        8, "short events", _ => "-- The documents of events are shorter from here on.");
}
