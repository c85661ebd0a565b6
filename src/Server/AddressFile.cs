namespace Lambent.Server;

/// <summary>
/// DIR/endpoint: where the server that uses this data folder listens, for the command line. Gone when it stops.
/// </summary>
internal static class AddressFile
{
    private const string Name = "endpoint";

    public static void Write(string folder, Uri address)
    {
        var draft = Path.Combine(folder, Name + ".new");
        File.WriteAllText(draft, address.GetLeftPart(UriPartial.Authority) + "\n");
        File.Move(draft, Path.Combine(folder, Name), overwrite: true);
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, Name));
}
