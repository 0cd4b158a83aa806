namespace Slipway.DemoData.PetGrooming;

/// <summary>Which pets live with which client: all that must be remembered of clients and pets while their visits are made.</summary>
internal sealed class Households(int clients, int pets)
{
    /// <summary>Every client has one pet and room for so many more.</summary>
    private const int Room = 3;

    private readonly int[] _firstPet = new int[clients + 1];
    private readonly PetKind[] _kinds = new PetKind[pets];

    private int _roomLeft = Room * clients;
    private int _petsLeft = pets - clients;

    public int Clients => clients;

    /// <summary>
    /// Draws how many pets the next client has, from 1 to 4. Of all the room that is left it is drawn, place by place, whether it is taken,
    /// so that in the end exactly the wanted number is there.
    /// </summary>
    /// <param name="client">From 0 on, one after another.</param>
    public void Draw(int client, Mulberry32 dice)
    {
        var count = 1;
        for (var place = 0; place < Room; place++)
        {
            if (dice.Next(_roomLeft--) < _petsLeft)
            {
                _petsLeft--;
                count++;
            }
        }

        _firstPet[client + 1] = _firstPet[client] + count;
    }

    public int CountOf(int client) => _firstPet[client + 1] - _firstPet[client];

    /// <summary>Index of the first pet of a client; the others follow.</summary>
    public int FirstPetOf(int client) => _firstPet[client];

    public PetKind KindOf(int pet) => _kinds[pet];

    public void Remember(int pet, PetKind kind) => _kinds[pet] = kind;
}
