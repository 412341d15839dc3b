using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Mesh.Client.Contents;

/// <summary>
/// Gives a content that stands around another one the headers of that one. Copying them costs more than all else of such a content, so that both have the same object, in the
/// field that .NET's <see cref="HttpContent"/> keeps it in; where a later .NET has no such field they are copied.
/// </summary>
internal static class ContentHeaders
{
    /// <summary>Whether headers are shared; otherwise they are copied.</summary>
    public static bool AreShared { get; } = CanShare();

    /// <summary>Gives a content the headers of another one. A length that these do not say is then that of the other one.</summary>
    /// <param name="from">The other one.</param>
    /// <param name="to">The content, which has no headers yet.</param>
    public static void Share(HttpContent from, HttpContent to)
    {
        if (AreShared)
        {
            Of(to) = from.Headers;
        }
        else
        {
            Copy(from, to);
        }
    }

    /// <summary>Gives a content headers of its own again: one that is buffered says its own length.</summary>
    /// <param name="from">Where its headers are from.</param>
    /// <param name="to">The content.</param>
    public static void Part(HttpContent from, HttpContent to)
    {
        if (AreShared && ReferenceEquals(Of(to), from.Headers))
        {
            Of(to) = null;
            Copy(from, to);
        }
    }

    private static void Copy(HttpContent from, HttpContent to)
    {
        foreach ((string name, HeaderStringValues values) in from.Headers.NonValidated)
        {
            if (values.Count == 1)
            {
                to.Headers.TryAddWithoutValidation(name, values.ToString());
            }
            else
            {
                to.Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    private static bool CanShare()
    {
        try
        {
            using var from = new ByteArrayContent([]);
            using var to = new ByteArrayContent([]);
            Of(to) = from.Headers;
            return ReferenceEquals(to.Headers, from.Headers);
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref HttpContentHeaders? Of(HttpContent content);
}
