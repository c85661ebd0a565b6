namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// A place within a state, such as <c>Catch[0]/Output/items[1]</c>. It is written out only when somebody is told of it:
/// a name of half a definition's length with a hundred thousand places below it must not cost their product.
/// </summary>
internal sealed class TemplatePlace
{
    private const int NameLengthShown = 200;

    private readonly TemplatePlace? parent;
    private readonly string name;

    private TemplatePlace(TemplatePlace? parent, string name)
    {
        this.parent = parent;
        this.name = name;
    }

    /// <param name="field">The field that holds the template.</param>
    public static TemplatePlace Of(string field) => new(null, field);

    public TemplatePlace Member(string member) => new(this, member);

    public TemplatePlace Item(int index) => new(this, $"[{index}]");

    public override string ToString()
    {
        var parts = new List<string>();
        for (var place = this; place is not null; place = place.parent)
        {
            var shown = place.name.Length > NameLengthShown ? place.name[..NameLengthShown] + "…" : place.name;
            parts.Add(place.parent is null || IsIndex(place.name) ? shown : $"/{shown}");
        }

        parts.Reverse();
        return string.Concat(parts);
    }

    // A member may be called [0] as well; then its place is ambiguous, and nothing hangs on it.
    private static bool IsIndex(string name) => name.Length > 2 && name[0] == '[' && name[^1] == ']';
}
