namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>The zip files that the clients' scripts deploy, in one folder.</summary>
internal static class ClientPackages
{
    public static void Write(string folder)
    {
        Save("node", ZipPackage.OfFolder(Repository.Function("node")));
        Save("python", ZipPackage.OfFolder(Repository.Function("python")));
        Save("other", ZipPackage.Of(("index.mjs", "export const handler = async () => 'other code';")));
        Save("python-other", ZipPackage.Of(
            ("functions.py", "def handler(event, context):\n    return 'other code'\n")));
        Save("layer", ZipPackage.Of(
            ("words.txt", "words of a layer"),
            ("nodejs/words.mjs", "export const word = 'imported';"),
            ("python/words.py", "word = 'imported'")));

        void Save(string name, byte[] package) => File.WriteAllBytes(Path.Combine(folder, $"{name}.zip"), package);
    }
}
