using System.Diagnostics.CodeAnalysis;

namespace Mesh.Client.Options.Reading;

/// <summary>An added section with options of its own.</summary>
/// <typeparam name="TOptions">What the user writes.</typeparam>
internal abstract class OptionsSection<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string name, string call)
    : AddedSection(name)
    where TOptions : class, new()
{
    /// <summary>Code for the options, applied after the configuration.</summary>
    public List<Action<TOptions>> Configure { get; } = [];

    public sealed override object Read(SectionReader mesh)
    {
        var options = new TOptions();
        mesh.Section(Name, options, Read);
        int before = mesh.Errors.Count;
        foreach (Action<TOptions> configure in Configure)
        {
            try
            {
                configure(options);
            }
            catch (Exception exception)
            {
                mesh.Errors.Add(call, null, $"threw {exception.GetType().Name}: {OptionErrors.Clean(exception.Message, 500)}");
                break;
            }
        }

        Check(options, $"{call}: ", mesh.Errors);
        return mesh.Errors.Count > before ? Compile(new TOptions()) : Compile(options);
    }

    /// <summary>Reads the keys: a line for each.</summary>
    protected abstract void Read(SectionReader section, TOptions options);

    /// <summary>Checks what the section and code made of the options; what the section said wrong is known already and stands in them no more.</summary>
    protected abstract void Check(TOptions options, string origin, OptionErrors errors);

    /// <summary>Makes the policy of options that are valid.</summary>
    protected abstract object Compile(TOptions options);
}
