using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>
/// Two folders of the host that a sandbox sees from its start, as those of code and layers, and that are filled once
/// it is known with what.
/// </summary>
internal sealed class LinkedFolders
{
    private readonly string root;

    public LinkedFolders(string root)
    {
        this.root = root;
        Directory.CreateDirectory(Code);
        Directory.CreateDirectory(Layers);
    }

    public string Code => Path.Combine(root, "code");

    public string Layers => Path.Combine(root, "layers");

    public void Fill(string code, string? layers)
    {
        LinkedFolder.Fill(code, Code);
        if (layers is not null)
        {
            LinkedFolder.Fill(layers, Layers);
        }
    }

    public void Delete() => RunFolder.Delete(root);
}
